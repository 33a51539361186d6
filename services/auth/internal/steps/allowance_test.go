package steps_test

import (
	"fmt"
	"testing"
	"time"

	"fxcore/services/contract/access"
)

// Whoever floods auth with passwords, of users that exist or not, makes it check a bounded number. A password that is not checked is
// not wrong, and a system, whose proof costs nothing, is let in.
func TestPasswordsAreCheckedAtABoundedRate(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("U0001", access.Password, ""))
	d.handle(d.sets("S0001", access.ClientCredentials, "*"))
	flood := func() (checked int) {
		for i := range 60 {
			if d.handle(d.asks(fmt.Sprint("NOBODY", i), fmt.Sprint("guess", i), wrong)) == bad { // of one name five are checked
				checked++
			}
		}
		return checked
	}
	if n := flood(); n != 32 {
		t.Errorf("%d passwords were checked at once", n)
	}
	d.leadsTo("refused too_many_attempts", "a person meanwhile", d.asks("U0001", "one"))
	d.leadsTo(issued, "a system meanwhile", d.asks("S0001", "system", bySecret))
	d.now = d.now.Add(time.Second)
	d.leadsTo(issued, "the person a second later", d.asks("U0001", "two"))
	d.now = d.now.Add(time.Second)
	if n := flood(); n > 32 || n < 15 {
		t.Errorf("%d passwords were checked two seconds later", n)
	}
}
