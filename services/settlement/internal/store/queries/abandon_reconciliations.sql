-- Earlier runs of the day whose job has ended without a result. What still comes for them is left alone.
update reconciliation set finished = true, ended = 'another run took its place' where day = $1 and attempt < $2 and not finished
