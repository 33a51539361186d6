package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/follow"
	"fxcore/lambda/trust"
)

// login returns the step before each connection: it takes the user and the password that the file of the URL has now. A password that has
// been changed lets nobody in any more, but ends no connection. nil without a file.
func login(cfg Config) func(context.Context, *pgx.ConnConfig) error {
	if cfg.URLFile == "" {
		return nil
	}
	user, _ := userOf(cfg.URL) // Open has found it sound
	file := follow.Setting(user, cfg.URLFile, userOf)
	return func(_ context.Context, c *pgx.ConnConfig) error {
		if u := file.Now(); u != nil {
			c.User = u.Username()
			c.Password, _ = u.Password()
		}
		return nil
	}
}

// userOf returns who comes by a URL; nil if it does not say so. The error does not show the URL.
func userOf(text string) (*url.Userinfo, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("POSTGRES_URL is no URL")
	}
	return u.User, nil
}

// secure lets every connection check the server's certificate, for the host of the URL. It refuses a URL that allows anything less.
func secure(c *pgx.ConnConfig, caFile string) error {
	weak := fmt.Errorf("POSTGRES_URL must have sslmode=verify-full: %w", trust.ErrPlain)
	if c.TLSConfig == nil || c.TLSConfig.InsecureSkipVerify {
		return weak
	}
	for _, other := range c.Fallbacks {
		if other.TLSConfig == nil || other.TLSConfig.InsecureSkipVerify {
			return weak
		}
	}
	if caFile == "" || c.TLSConfig.RootCAs != nil { // the URL names a file itself
		return nil
	}
	t, err := trust.Open(trust.Config{CAFile: caFile})
	if err != nil {
		return err
	}
	c.TLSConfig = t.Dialing(c.Host)
	for _, other := range c.Fallbacks {
		other.TLSConfig = t.Dialing(other.Host)
	}
	return nil
}
