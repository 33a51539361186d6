select facts from trade where id = $1 and state <> ''
