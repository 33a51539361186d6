-- What the last review by a version could not judge.
select not_judged from calendar_review where version = $1
