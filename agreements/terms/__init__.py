"""The terms format: a YAML file that a lawyer reads and the software executes."""

from agreements.terms.claiming import ClaimTerms as ClaimTerms
from agreements.terms.commitments import Commitment as Commitment
from agreements.terms.excusing import Treatment as Treatment
from agreements.terms.loading import Document as Document
from agreements.terms.loading import load as load
from agreements.terms.loading import load_document as load_document
from agreements.terms.loading import load_file as load_file
from agreements.terms.loading import load_published as load_published
from agreements.terms.measuring import Measurement as Measurement
from agreements.terms.model import NoBusinessCalendar as NoBusinessCalendar
from agreements.terms.model import Terms as Terms
from agreements.terms.overrides import Override as Override
from agreements.terms.overrides import is_override as is_override
from agreements.terms.overrides import laid_as_published as laid_as_published
from agreements.terms.overrides import laid_over as laid_over
from agreements.terms.overrides import load_override as load_override
from agreements.terms.overrides import load_override_file as load_override_file
from agreements.terms.overrides import wrong_times as wrong_times
from agreements.terms.parties import Contacts as Contacts
from agreements.terms.parties import Tier as Tier
from agreements.terms.problems import Problem as Problem
from agreements.terms.problems import TermsMalformed as TermsMalformed
from agreements.terms.supporting import Promise as Promise
from agreements.terms.tables import Credits as Credits
from agreements.terms.tables import Row as Row
