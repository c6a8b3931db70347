"""What the terms make of the facts of a period: a judgement, and the steps that explain it."""

from agreements.judging.downtime import counts_as_down as counts_as_down
from agreements.judging.facts import Facts as Facts
from agreements.judging.facts import FactsContradict as FactsContradict
from agreements.judging.facts import FactsMissing as FactsMissing
from agreements.judging.facts import Moment as Moment
from agreements.judging.facts import Outage as Outage
from agreements.judging.facts import SlotGroup as SlotGroup
from agreements.judging.judge import amount as amount
from agreements.judging.judge import judge as judge
from agreements.judging.judge import judge_period as judge_period
from agreements.judging.judgement import Judgement as Judgement
from agreements.judging.judgement import Outcome as Outcome
from agreements.judging.together import Total as Total
from agreements.judging.together import judge_together as judge_together
