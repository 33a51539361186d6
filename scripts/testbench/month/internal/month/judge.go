package month

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fxcore/scripts/internal/reference"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

const restBound = 5 * time.Minute // until the core is at rest after the last day

// The rules by what they are about. The rules that are not named count only as violations.
var (
	ledgerRules = []string{"books sum to zero", "books are owed", "books are moved", "ledger and legs"}
	lineRules   = []string{
		"reservation consumed", "reservation accounted for", "exposure of the trade", "usage of reservations", "usage of trades",
		"settlements of reservations", "freed is settled", "lines recomputed",
	}
)

// judge compares everything that was asked for with what the stores hold, once the core has come to rest.
func (m *month) judge(ctx context.Context) error {
	m.say("judging what %d days have left", m.result.Days)
	rules, err := m.rules()
	if err != nil {
		return err
	}
	resting, cancel := context.WithTimeout(ctx, restBound)
	defer cancel()
	var last oracle.Evidence
	found, err := oracle.Settle(resting, func(ctx context.Context) (oracle.Evidence, error) {
		e, err := m.evidence(ctx)
		if err == nil {
			last = e
		}
		return e, err
	}, rules...)
	if err != nil {
		return err
	}
	more, err := m.own(ctx)
	if err != nil {
		return err
	}
	found = append(found, more...)
	if err := oracle.Explain(ctx, last, found, m.places.Originals); err != nil {
		m.say("%s", err) // what was found counts without them
	}
	m.result.count(last, found)
	m.result.Refused = m.refused(5)
	return ctx.Err()
}

// rules are all: nobody is killed. On each sales desk nothing may be left that its books' balancing should have taken away.
func (m *month) rules() ([]oracle.Rule, error) {
	bank, err := reference.New()
	if err != nil {
		return nil, err
	}
	rules := slices.Concat(oracle.Rules(), oracle.Undisturbed(m.began), oracle.PaidWithin(bank.Hours))
	for _, b := range bank.Demo.Balancing {
		rules = append(rules, oracle.Flat(b.Currency, b.Desk)...)
	}
	return rules, nil
}

func (m *month) evidence(ctx context.Context) (e oracle.Evidence, err error) {
	if err := record.Folder(m.records(), &e); err != nil {
		return e, err
	}
	e.Jumps = m.jumps
	return e, m.places.Collect(ctx, &e)
}

// own asks the core's own checks: the recomputation of lines, and the view that compares the ledger with the legs.
func (m *month) own(ctx context.Context) ([]oracle.Violation, error) {
	var all []oracle.Violation
	ctx, cancel := context.WithTimeout(ctx, restBound)
	defer cancel()
	said, err := m.stack.Command(ctx, "linecheck", "-recompute")
	if err != nil {
		for line := range strings.Lines(said) {
			all = append(all, oracle.Violation{Rule: "lines recomputed", ID: "linecheck", Text: strings.TrimSpace(line)})
		}
		if len(all) == 0 {
			return nil, err
		}
	}
	rows, err := m.conn.Query(ctx, "select client, currency, value_date::text, ledger::text, obligations::text from settlement.imbalance")
	if err != nil {
		return nil, fmt.Errorf("read the ledger's imbalance: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var client, currency, date, ledger, legs string
		if err := rows.Scan(&client, &currency, &date, &ledger, &legs); err != nil {
			return nil, fmt.Errorf("read the ledger's imbalance: %w", err)
		}
		all = append(all, oracle.Violation{
			Rule: "ledger and legs", ID: client + " " + currency + " " + date, Text: "the ledger has " + ledger + ", legs come to " + legs,
		})
	}
	return all, rows.Err()
}
