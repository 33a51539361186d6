package directory

import (
	"errors"
	"fmt"
	"slices"

	"fxcore/lambda/mirror"
)

// agreements say whose payments of one value date are netted.
type agreements struct {
	clients  []string // with a settlement netting agreement, sorted
	doubtful map[string]bool
}

// nets tells whether a client's payments are netted. Error: ErrDoubtful, because gross and net would be different payments.
func (a agreements) nets(client string) (bool, error) {
	if a.doubtful[client] {
		return false, fmt.Errorf("agreements of client %s: %w", client, ErrDoubtful)
	}
	_, nets := slices.BinarySearch(a.clients, client)
	return nets, nil
}

// netsSettlement is the agreement by which a client's payments of one value date are netted. It is another one than that for
// the client's line.
const netsSettlement = "settlement"

// decodeAgreements reads the agreements. A record's id is its client.
func decodeAgreements(records map[string][]byte) (agreements, error) {
	type record struct {
		Kinds []string `json:"kinds"`
		Bad   bool     `json:"bad"` // a row of the client's could not be read
	}
	all := agreements{doubtful: map[string]bool{}}
	err := mirror.Decode(records, func(client string, r record) error {
		switch {
		case r.Bad:
			return errors.New("a row cannot be read")
		case slices.Contains(r.Kinds, netsSettlement):
			all.clients = append(all.clients, client)
		}
		return nil
	})
	slices.Sort(all.clients)
	var bad *mirror.BadRecordsError
	if errors.As(err, &bad) {
		for client := range bad.Faults {
			all.doubtful[client] = true
		}
	}
	return all, err
}
