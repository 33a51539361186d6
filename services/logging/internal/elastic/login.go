package elastic

import (
	"errors"
	"net/http"
	"net/url"

	"fxcore/lambda/follow"
)

// login says with each request who asks.
type login struct {
	next http.RoundTripper
	user *follow.File[*url.Userinfo] // nil: nobody in particular
}

// RoundTrip implements [http.RoundTripper].
func (l *login) RoundTrip(request *http.Request) (*http.Response, error) {
	if u := l.user.Now(); u != nil {
		password, _ := u.Password()
		request = request.Clone(request.Context())
		request.SetBasicAuth(u.Username(), password)
	}
	return l.next.RoundTrip(request)
}

// LoginBy lets requests come by the user and the password of the URL in a file, as it is then. Without a path they come by that of Open. Call it before the
// first request.
func (s *Store) LoginBy(path string) {
	s.login.user = follow.Setting(s.login.user.Now(), path, func(text string) (*url.Userinfo, error) {
		u, err := url.Parse(text)
		if err != nil {
			return nil, errors.New("ELASTICSEARCH_URL is no URL")
		}
		return u.User, nil
	})
}
