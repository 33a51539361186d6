// Package demo is a made-up bank on real rates and calendars: what a mainframe would hold (clients, lines, holdings,
// users, rights, calendars, pairs) and a market that ticks. Everything is deterministic: the same seed and the same
// instant give the same bank and the same price in every process, so that the mainframe simulator, the provider
// simulator and the bench agree without talking to each other.
//
// Rates are real (European Central Bank), calendars and weekends too; data/README.md names the sources. No name of a
// client, user or security is one of a real firm or person.
package demo

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"

	"github.com/shopspring/decimal"
)

// Seed makes the one demo bank that all our programs share.
const Seed uint64 = 20261030

//go:embed data/*.csv tables/*.csv
var files embed.FS

// table reads an embedded CSV file without its heading; every row has the heading's number of columns.
func table(name string) (heading []string, rows [][]string, err error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("demo table: %w", err)
	}
	return readTable(f, name)
}

func readTable(f fs.File, name string) (heading []string, rows [][]string, err error) {
	defer func() { _ = f.Close() }() // an embedded file: nothing to lose
	r := csv.NewReader(f)
	heading, err = r.Read()
	for err == nil {
		var row []string
		if row, err = r.Read(); err == nil {
			rows = append(rows, row)
		}
	}
	if err != io.EOF {
		return nil, nil, fmt.Errorf("demo table %s: %w", name, err)
	}
	return heading, rows, nil
}

// number reads a decimal of a table; the field is named in the error.
func number(field, text string) (decimal.Decimal, error) {
	d, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%s %q is not a number", field, text)
	}
	return d, nil
}
