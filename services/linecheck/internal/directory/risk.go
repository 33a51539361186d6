package directory

import (
	"errors"
	"strings"

	"fxcore/lambda/mirror"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/line"
)

// risk holds the parameters that credit risk sets for all clients.
type risk struct {
	addOns   line.AddOns
	haircuts line.Haircuts
}

func decodeRisk(records map[string][]byte) (risk, error) {
	type record struct {
		Factor  amount `json:"factor"`
		Haircut amount `json:"haircut"`
	}
	r := risk{haircuts: line.Haircuts{}}
	err := mirror.Decode(records, func(id string, rec record) error {
		kind, name, _ := strings.Cut(id, "/")
		switch {
		case kind == "add_on" && rec.Factor.Decimal.IsPositive():
			tenor, err := fxdate.ParseTenor(name)
			if err != nil {
				return err
			}
			r.addOns = append(r.addOns, line.AddOn{Tenor: tenor, Factor: rec.Factor.Decimal})
		case kind == "haircut" && rec.Haircut.Valid:
			r.haircuts[name] = rec.Haircut.Decimal
		case kind == "add_on" || kind == "haircut":
			return errors.New("an add-on has a positive factor, a haircut has haircut")
		}
		return nil
	})
	return r, err
}
