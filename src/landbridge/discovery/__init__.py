"""The Discovery flow: a customer's export in, a clean inventory out."""
