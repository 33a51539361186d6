package stores

import (
	"context"
	_ "embed" // the queries
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/internal/operator"
	"fxcore/scripts/testbench/oracle"
)

var (
	//go:embed queries/obligations.sql
	obligationsSQL string
	//go:embed queries/movements.sql
	movementsSQL string
	//go:embed queries/books.sql
	booksSQL string
	//go:embed queries/compared.sql
	comparedSQL string
)

// settlements reads what settlement keeps.
func settlements(ctx context.Context, tx pgx.Tx, e *oracle.Evidence) error {
	for _, read := range []func(context.Context, pgx.Tx, *oracle.Evidence) error{
		rows(settledSQL, pgx.RowToStructByPos[oracle.SettledLeg], func(e *oracle.Evidence) *[]oracle.SettledLeg { return &e.Settled }),
		rows(obligationsSQL, obligation, func(e *oracle.Evidence) *[]oracle.Obligation { return &e.Owed }),
		rows(movementsSQL, movement, func(e *oracle.Evidence) *[]oracle.Movement { return &e.Movements }),
		rows(booksSQL, balance, func(e *oracle.Evidence) *[]oracle.Balance { return &e.Books }),
		rows(comparedSQL, pgx.RowToStructByPos[oracle.Comparison], func(e *oracle.Evidence) *[]oracle.Comparison { return &e.Compared }),
	} {
		if err := read(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func obligation(row pgx.CollectableRow) (o oracle.Obligation, err error) {
	var base, quote string
	err = row.Scan(&o.TradeID, &o.Leg, &o.State, &o.Movement, &o.Client, &o.Desk, &o.ValueDate, &o.Base, &o.Quote, &base, &quote,
		&o.From, &o.Until, &o.AtOnce)
	if err != nil {
		return o, err
	}
	return o, decimals([]string{base, quote}, &o.BaseAmount, &o.QuoteAmount)
}

func movement(row pgx.CollectableRow) (m oracle.Movement, err error) {
	var lines []byte
	if err = row.Scan(&m.ID, &m.Client, &m.ValueDate, &m.State, &m.Reference, &m.At, &m.Until, &m.Early, &lines); err == nil {
		err = json.Unmarshal(lines, &m.Payments)
	}
	return m, err
}

func balance(row pgx.CollectableRow) (b oracle.Balance, err error) {
	var amount string
	if err = row.Scan(&b.Book, &b.Currency, &b.ValueDate, &amount); err != nil {
		return b, err
	}
	return b, decimals([]string{amount}, &b.Amount)
}

// moved are the movements that the mainframe's simulator has made, in their order.
func moved(ctx context.Context, control string) ([]oracle.Movement, error) {
	body, err := ask(ctx, control, "/movements")
	if err != nil {
		return nil, fmt.Errorf("ask for movements: %w", err)
	}
	defer func() { _ = body.Close() }()
	return readMoved(body)
}

func readMoved(in io.Reader) ([]oracle.Movement, error) {
	var all []oracle.Movement
	for lines := json.NewDecoder(in); ; {
		var l struct {
			Reference string           `json:"reference"`
			At        time.Time        `json:"at"`
			ID        string           `json:"movement_id"`
			ValueDate string           `json:"value_date"`
			Client    string           `json:"client"`
			Lines     []oracle.Payment `json:"lines"`
		}
		switch err := lines.Decode(&l); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("movement %d: %w", len(all)+1, err)
		}
		all = append(all, oracle.Movement{ID: l.ID, Client: l.Client, ValueDate: l.ValueDate, Reference: l.Reference, At: l.At, Payments: l.Lines})
	}
}

// ask returns the body of the simulator's answer. The caller closes it.
func ask(ctx context.Context, control, path string) (io.ReadCloser, error) {
	response, err := operator.Do(ctx, http.MethodGet, control, path)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return nil, errors.New(response.Status)
	}
	return response.Body, nil
}
