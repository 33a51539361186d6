package postgres

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/trust"
)

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
