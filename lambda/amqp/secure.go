package amqp

import (
	"crypto/tls"
	"fmt"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/follow"
	"fxcore/lambda/trust"
)

// url follows the URL of the broker. A file that does not hold one changes nothing.
func (c Config) url() *follow.File[string] {
	return follow.Setting(c.URL, c.URLFile, func(text string) (string, error) {
		_, err := amqp091.ParseURI(text)
		return text, err
	})
}

// tls returns how a connection checks the broker's certificate; nil if the URL says so itself, or if there is no file. The file of authorities may have changed since
// the last connection.
func (c Config) tls(address string) (*tls.Config, error) {
	if c.CAFile == "" {
		return nil, nil //nolint:nilnil // nil means that the library reads the URL
	}
	u, err := amqp091.ParseURI(address)
	switch {
	case err != nil:
		return nil, fmt.Errorf("AMQP_URL: %w", err)
	case u.CACertFile != "":
		return nil, nil //nolint:nilnil // as above
	}
	t, err := trust.Open(trust.Config{CAFile: c.CAFile})
	if err != nil {
		return nil, err
	}
	return t.Dialing(u.Host), nil
}
