"""Pure decisions of measurement: from checks to the classes of an account's month.

Read in this order: `checks` makes one monitor's minutes, `combining` a service's, `corrections`
and `excusing` say what is changed and excused for whom, `classes` gives every minute its class.
"""
