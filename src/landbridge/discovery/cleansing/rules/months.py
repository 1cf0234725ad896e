"""Names of the months, full and short, in the languages that imports come in."""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
jan january januar jänner januari janvier janv enero ene gennaio gen styczeń stycznia sty janeiro
feb february februar februari fev février fevrier févr febrero febbraio luty lutego lut fevereiro
mar march märz maerz mrz mär maart mrt mars marzo marzec marca março marco
apr april avril avr abril abr aprile kwiecień kwietnia kwi
may mai mei mayo maggio mag maj maja maio
jun june juni juin junio giugno giu czerwiec czerwca cze junho
jul july juli juillet juil julio luglio lug lipiec lipca lip julho
aug august augustus août aout aoû agosto ago sierpień sierpnia sie
sep sept september septembre septiembre setiembre settembre set wrzesień września wrz setembro
oct october okt oktober octobre octubre ottobre ott październik października paź outubro out
nov november novembre noviembre listopad listopada lis novembro
dec december dez dezember déc decembre décembre dic diciembre dicembre grudzień grudnia gru dezembro
"""

MONTH_OF: Final[dict[str, int]] = {
    name: number
    for number, line in enumerate(_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}
"""Month number by case-folded name."""
