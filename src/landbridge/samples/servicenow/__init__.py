"""The estate as ServiceNow exports it: servers, applications and relations, as CSV files."""
