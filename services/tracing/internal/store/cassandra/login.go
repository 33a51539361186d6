package cassandra

import (
	"github.com/gocql/gocql"

	"fxcore/lambda/follow"
)

// login proves who comes, by the password that its file has at that moment.
type login struct {
	user     string
	password *follow.File[string]
}

func newLogin(cfg Config) login {
	same := func(text string) (string, error) { return text, nil }
	return login{cfg.User, follow.Setting(cfg.Password, cfg.File, same)}
}

// Challenge implements [gocql.Authenticator].
func (l login) Challenge(request []byte) ([]byte, gocql.Authenticator, error) {
	return gocql.PasswordAuthenticator{Username: l.user, Password: l.password.Now()}.Challenge(request)
}

// Success implements [gocql.Authenticator].
func (login) Success([]byte) error { return nil }
