"""A new terms file from a dozen answers: what is asked, how answers are read, and the file that is written."""

from agreements.drafting.answers import AnswersRefused as AnswersRefused
from agreements.drafting.answers import answered as answered
from agreements.drafting.answers import given_answers as given_answers
from agreements.drafting.draft import Draft as Draft
from agreements.drafting.questions import QUESTIONS as QUESTIONS
from agreements.drafting.questions import Question as Question
from agreements.drafting.readers import NotUnderstood as NotUnderstood
from agreements.drafting.writing import drafted as drafted
