select distinct correlation from repeat where session = $1
