package steps

import (
	"errors"
	"reflect"
	"testing"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
)

// If another replica makes a reservation between two statements of a load, its nodes are not loaded.
func TestAStepThatFindsSomethingNotLoadedIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.book = line.NewBook()
	_, err := w.deliver(spot{"T1", "C000001", "1"}.message(t, contract.TradeValidated, "1"))
	if !errors.Is(err, line.ErrNotLoaded) || reflect.TypeOf(err) != reflect.TypeOf(amqp.Retry(nil)) {
		t.Errorf("%T %v", err, err)
	}
}
