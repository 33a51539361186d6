package steps_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/follow"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// wants is the request for a command by the owner of a token.
func (d *door) wants(typ event.Type, token, data string) event.Event {
	d.t.Helper()
	command := d.event(typ, contract.Operations, json.RawMessage(data))
	command.Deadline = time.Time{}
	request, id, err := d.key.Public().Ask(command, "U0013", token, d.now)
	if err != nil || id == request.ID {
		d.t.Fatal(id, err)
	}
	return request
}

// onCall gives a user of a role a token.
func (d *door) onCall(user, token string) {
	d.t.Helper()
	d.leadsTo("token.revoked", "credential of "+user, d.sets(user, access.Password, ""))
	d.leadsTo("token.issued", "token of "+user, d.asks(user, token))
}

const drain = `{"command":"drain","instance":"fix/1","by":"ceo@bank","why":"test"}`

// auth writes who commands, whatever the request says, and the command has the id that the interface was told.
func TestAuthGivesACommandInTheNameOfTheTokensOwner(t *testing.T) {
	d := newDoor(t)
	d.onCall("U0013", "t1")
	request := d.wants(contract.FailoverCommanded, "t1", drain)
	results := d.handler.Handle(t.Context(), []event.Event{request})
	if results[0].Err != nil || len(results[0].Emit) != 1 {
		t.Fatalf("%+v", results)
	}
	given := results[0].Emit[0]
	var data struct{ Command, Instance, By, Why string }
	if err := given.Read(&data); err != nil || data.By != "U0013" || data.Command != "drain" || data.Instance != "fix/1" || data.Why != "test" {
		t.Errorf("%+v, %v", data, err)
	}
	if given.Type != contract.FailoverCommanded || given.ID != event.ChildID(request.ID, contract.FailoverCommanded.Name) || given.Deadline.IsZero() ||
		given.Origin != contract.Operations || given.Correlation != request.Correlation {
		t.Errorf("%+v", given)
	}
}

// Each row: why nothing is given.
func TestNobodyCommandsWhatIsNotTheirs(t *testing.T) {
	d := newDoor(t)
	d.onCall("U0013", "t1")
	d.onCall("U0014", "t2")
	d.onCall("U0001", "t3")
	code := func(e event.Event) string {
		t.Helper()
		results := d.handler.Handle(t.Context(), []event.Event{e})
		if results[0].Err != nil {
			return "error"
		}
		var r access.CommandRefused
		if err := results[0].Emit[0].Read(&r); err != nil {
			t.Fatal(err)
		}
		return results[0].Emit[0].Type.Name + " " + r.Code
	}
	is := func(want, what string, e event.Event) {
		t.Helper()
		if got := code(e); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	is("command.refused token_unknown", "an invented token", d.wants(contract.FailoverCommanded, "invented", drain))
	is("command.refused no_right", "compliance looks and commands nothing", d.wants(contract.FailoverCommanded, "t2", drain))
	is("command.refused no_right", "a trader settles nothing by hand", d.wants(contract.SettlementCommanded, "t3", `{"movement_id":"m","action":"settle_by_hand"}`))
	is("command.refused no_right", "a trader starts no job", d.wants(contract.JobCommanded, "t3", `{"job":"balance books"}`))
	is("command.refused no_right", "a trader deletes nothing", d.wants(contract.TradeCommanded, "t3", `{"action":"delete"}`))
	is("command.refused no_right", "compliance deletes nothing", d.wants(contract.TradeCommanded, "t2", `{"action":"delete"}`))
	is("trade.commanded ", "operations propose to", d.wants(contract.TradeCommanded, "t1", `{"action":"delete"}`))
	is("job.commanded ", "operations start a job", d.wants(contract.JobCommanded, "t1", `{"job":"balance books"}`))

	stolen := d.wants(contract.FailoverCommanded, "t1", drain)
	var c access.Command
	if err := stolen.Read(&c); err != nil {
		t.Fatal(err)
	}
	c.Data = strings.ReplaceAll(c.Data, "fix/1", "fix/2")
	stolen.Data, _ = json.Marshal(c)
	is("error", "a ticket that was copied to another command", stolen)
	again := d.wants(contract.FailoverCommanded, "t1", drain)
	again.ID = event.NewID(testkit.Day, "another message")
	is("error", "a ticket that was used before, in another message", again)
	longer := d.wants(contract.FailoverCommanded, "t1", drain)
	longer.Deadline = longer.Deadline.Add(time.Hour)
	is("error", "a ticket whose time was made longer", longer)
	is("error", "a command that is none", d.wants(contract.TradeRegistered, "t1", drain))

	kept := d.wants(contract.FailoverCommanded, "t1", drain)
	d.now = d.now.Add(access.CommandLasts)
	is("command.refused expired", "a ticket that was kept", kept)
	d.leadsTo("token.revoked", "the token", d.revokes(access.Revoke{TokenHash: access.HashOf("t1"), By: "U0013"}))
	is("command.refused token_revoked", "a revoked token", d.wants(contract.FailoverCommanded, "t1", drain))
}

// The rights are those of the moment: who has left operations commands nothing, though the token says so.
func TestTheRightToCommandIsThatOfTheMoment(t *testing.T) {
	d := newDoor(t)
	d.onCall("U0013", "t1")
	left := staff()
	left.Users.Records["U0013"] = authorization.User{Role: "trader", Desk: "FXS1"}
	d.handler = steps.TokenSteps(left, steps.Issuing{Keys: follow.Always(access.Keys{d.key}), Audiences: []string{"api"}, Person: time.Hour, System: time.Hour}, func() time.Time { return d.now }).
		Handler(d.pool, "auth/1", testkit.Log(t))
	if got := d.handle(d.wants(contract.FailoverCommanded, "t1", drain)); got != "command.refused" {
		t.Error(got)
	}
}
