package provider

import (
	"regexp"

	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/socket/internal/messages"
)

// entry is a provider in the file.
type entry struct {
	providerfile.Entry

	Session int `json:"session"`
}

const maxSession = 999_999_999 // S and nine digits fill the login's field

var userForm = regexp.MustCompile(`^[A-Za-z0-9]{1,6}$`) // as wide as the login's field

// Parse reads the provider file: {"providers": [{"id": "ALPHA", …}]}. The error names each faulty provider and key. It does not
// show password hashes.
func Parse(file []byte) ([]Provider, error) {
	var content struct {
		Providers []entry `json:"providers"`
	}
	if err := providerfile.Decode(file, &content); err != nil {
		return nil, err
	}
	return providerfile.Providers(content.Providers, entry.provider, func(c *providerfile.Claims, place int, e entry) {
		c.Claim(place, e.ID, "user", e.User)
	})
}

// provider returns the provider of an entry, and the faults of its keys.
func (e entry) provider() (Provider, []error) {
	account, wrong := e.Account()
	if e.Session == 0 {
		e.Session = 1
	}
	var faults providerfile.Faults
	faults.Unless(userForm.MatchString(e.User), "user: want 1 to 6 letters and digits")
	faults.Unless(e.Session >= 1 && e.Session <= maxSession, "session: %d is not 1 to %d", e.Session, maxSession)
	faults.Unless(e.Cancel == nil || messages.TellsAbsence, "cancel_on_disconnect: is not offered over this protocol")
	return Provider{account, e.Session}, append(wrong, faults.List()...)
}
