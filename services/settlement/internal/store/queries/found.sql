-- Which of the movements that a page names earlier pages of the run have named.
select movement from reconciliation_found where day = $1 and attempt = $2 and movement = any ($3)
