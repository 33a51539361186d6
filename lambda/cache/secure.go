package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/follow"
	"fxcore/lambda/trust"
)

// caParameter of a URL names the file of the authorities, as it does in URLs of RabbitMQ. The library knows no such parameter.
const caParameter = "cacertfile"

// Options returns the library's options for a URL. caFile names the authorities of the server's certificate, unless the URL does
// by its parameter cacertfile. Errors never show the URL, which holds a password.
func Options(address, caFile string) (*redis.Options, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", withoutURL(err))
	}
	if u.Scheme != "rediss" {
		return nil, fmt.Errorf("REDIS_URL must begin with rediss://: %w", trust.ErrPlain)
	}
	query := u.Query()
	caFile = cmp.Or(query.Get(caParameter), caFile)
	query.Del(caParameter)
	u.RawQuery = query.Encode()
	options, err := redis.ParseURL(u.String())
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", withoutURL(err))
	}
	t, err := trust.Open(trust.Config{CAFile: caFile})
	if err != nil {
		return nil, err
	}
	options.TLSConfig = t.Dialing(u.Hostname())
	return options, nil
}

// credentials returns who comes, by what the file of the URL has now.
func credentials(cfg Config) func(context.Context) (user, password string, err error) {
	known, _ := userOf(cfg.URL) // Options has found it sound
	file := follow.Setting(known, cfg.URLFile, userOf)
	return func(context.Context) (user, password string, err error) {
		u := file.Now() // nil is nobody
		password, _ = u.Password()
		return u.Username(), password, nil
	}
}

func userOf(text string) (*url.Userinfo, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", withoutURL(err))
	}
	return u.User, nil
}

// withoutURL drops the URL from a parse error: it holds the password.
func withoutURL(err error) error {
	var parse *url.Error
	if errors.As(err, &parse) {
		return parse.Err
	}
	return err
}
