delete from alert where key = $1 and state = 'pending'
