package messages

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
)

// ReadReported decodes settlement.reported.
func ReadReported(e event.Event) (blotter.DayReport, error) {
	r, err := read[blotter.DayReport](e)
	if err == nil {
		_, err = fxdate.ParseDate(r.Day)
	}
	if err != nil {
		return r, fmt.Errorf("read the report of a day: %w", err)
	}
	for currency, amount := range r.Report.Owed {
		if err := contract.CheckTexts(currency, amount); err != nil {
			return r, err
		}
	}
	return r, nil
}

// ReadCompared decodes lines.compared.
func ReadCompared(e event.Event) (blotter.LineComparison, error) {
	d, err := read[struct {
		MadeAt      time.Time `json:"made_at"`
		Differences int       `json:"differences"`
		Named       []string  `json:"named"`
		Day         string    `json:"day"`
	}](e)
	if err == nil {
		_, err = fxdate.ParseDate(d.Day)
	}
	if err != nil {
		return blotter.LineComparison{}, fmt.Errorf("read a comparison of lines: %w", err)
	}
	return blotter.LineComparison{MadeAt: d.MadeAt, Differences: d.Differences, Named: d.Named, Day: d.Day}, contract.CheckTexts(d.Named...)
}

// ReadDeclined decodes settlement.declined. The message that caused it is the command.
func ReadDeclined(e event.Event) (blotter.Declined, error) {
	d, err := read[struct {
		MovementID string    `json:"movement_id"`
		Action     string    `json:"action"`
		By         string    `json:"by"`
		Reason     string    `json:"reason"`
		Text       string    `json:"text"`
		DeclinedAt time.Time `json:"declined_at"`
	}](e)
	if err == nil {
		err = errors.Join(contract.CheckIsID("movement id", d.MovementID), contract.CheckTexts(d.Action))
	}
	id := e.Causation
	if !contract.IsID(id) {
		id = e.ID
	}
	return blotter.Declined{CommandID: id, MovementID: d.MovementID, Action: d.Action, By: d.By, Reason: d.Reason, Text: d.Text, At: d.DeclinedAt}, err
}

// ReadCommanded decodes settlement.commanded, whoever has published it.
func ReadCommanded(e event.Event) (blotter.Asked, error) {
	d, err := read[SettlementCommanded](e)
	if err == nil {
		err = errors.Join(contract.CheckIsID("movement id", d.MovementID), contract.CheckTexts(d.Action, d.By))
	}
	return blotter.Asked{CommandID: e.ID, MovementID: d.MovementID, Action: d.Action, By: d.By, At: e.Time}, err
}
