select body from repeat where session = $1 and correlation = $2 order by position
