insert into history (at, gateway, provider, instance, what, epoch, text, by, command) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
