update calendar_review set found = found + $2 where version = $1
