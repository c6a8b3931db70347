"""Who appears in the tests: Mira decides claims, Jonas is on call, Acme is the customer, Rival must see nothing."""

from typing import Final

from eventstore import Actor
from kernel.ids import AccountId, derived

MIRA: Final = Actor("operator", "mira")
JONAS: Final = Actor("operator", "jonas")
ACME: Final = AccountId(derived("account", "acme"))
RIVAL: Final = AccountId(derived("account", "rival"))
ACMES_BUYER: Final = Actor("customer", "ada@acme.example")
RIVALS_BUYER: Final = Actor("customer", "rex@rival.example")
