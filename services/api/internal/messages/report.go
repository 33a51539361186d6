package messages

import (
	"fmt"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract/fxdate"
)

// ReadReported decodes settlement.reported.
func ReadReported(e event.Event) (store.DayReport, error) {
	r, err := read[store.DayReport](e)
	if err == nil {
		_, err = fxdate.ParseDate(r.Day)
	}
	if err != nil {
		return r, fmt.Errorf("read the report of a day: %w", err)
	}
	for currency, amount := range r.Report.Owed {
		if err := checkTexts(currency, amount); err != nil {
			return r, err
		}
	}
	return r, nil
}
