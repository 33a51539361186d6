package openid

import (
	"crypto/x509"
	"errors"
	"net/url"
)

// Config says which identity provider the bank has. Without an issuer nobody comes by one.
type Config struct {
	Issuer   string `env:"OPENID_ISSUER"`                                // its address, exactly as it stands in ID tokens
	ClientID string `env:"OPENID_CLIENT_ID"`                             // the audience that an ID token must have
	Claim    string `env:"OPENID_CLAIM" envDefault:"preferred_username"` // names the user, by the id in the bank's list of users
	CA       string `env:"OPENID_CA"`                                    // PEM: who has signed the certificate; empty: those whom the machine trusts
}

// On reports whether people may come by the identity provider.
func (c Config) On() bool { return c.Issuer != "" }

// Validate names what is missing or cannot be used.
func (c Config) Validate() error {
	if !c.On() {
		if c.ClientID != "" {
			return errors.New("OPENID_CLIENT_ID is of no use without OPENID_ISSUER")
		}
		return nil
	}
	var faults []error
	if address, err := url.Parse(c.Issuer); err != nil || address.Scheme != "https" || address.Host == "" || address.RawQuery != "" || address.Fragment != "" {
		faults = append(faults, errors.New("OPENID_ISSUER must be an address that begins with https://, without a query"))
	}
	if c.ClientID == "" || c.Claim == "" {
		faults = append(faults, errors.New("OPENID_ISSUER needs OPENID_CLIENT_ID and OPENID_CLAIM"))
	}
	if c.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(c.CA)) {
		faults = append(faults, errors.New("OPENID_CA has no certificate in PEM"))
	}
	return errors.Join(faults...)
}
