package action_test

import (
	"fmt"
	"strings"
	"testing"

	"fxcore/lambda/testkit/sample"
	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

// TestThePageHasTheTable keeps the picture and the table of the page as the code has them.
func TestThePageHasTheTable(t *testing.T) {
	const page = "../../../../docs/trade-actions.md"
	sample.IsOnPage(t, page, "<!-- picture: UPDATE_SAMPLES=1 go test ./services/trading/internal/action -run ThePage -->\n", "<!-- end of picture -->", picture())
	sample.IsOnPage(t, page, "<!-- table: UPDATE_SAMPLES=1 go test ./services/trading/internal/action -run ThePage -->\n", "<!-- end of table -->", listing())
}

// picture draws the states of a version, and what leads from one to another.
func picture() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> unconfirmed: registered, or begun by an action\n")
	for _, e := range [][3]string{
		{"unconfirmed", "open", "booked"},
		{"unconfirmed", "not_booked", "refused by the mainframe"},
		{"not_booked", "open", "booked"},
		{"open", "under_way", "proposed"},
		{"under_way", "open", "refused, withdrawn, expired"},
		{"open", "payment_begun", "the window of a payment begins"},
		{"payment_begun", "near_settled", "near leg settled"},
		{"payment_begun", "executed", "settled"},
		{"near_settled", "payment_begun", "the window of the far leg begins"},
	} {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", e[0], e[1], e[2])
	}
	for _, state := range action.States() {
		by := map[trade.Status][]string{}
		for _, kind := range action.Kinds() {
			if next, reason := action.Allowed(state, kind, trade.Forward); reason == "" {
				by[next] = append(by[next], string(kind))
			}
		}
		for _, next := range []trade.Status{trade.Superseded, trade.Deleted} {
			if len(by[next]) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", state, next, strings.Join(by[next], ", "))
			}
		}
	}
	b.WriteString("    executed --> [*]\n    superseded --> [*]\n    deleted --> [*]\n```\n")
	return b.String()
}

// listing lists for each state what each action does, product by product where they differ.
func listing() string {
	var b strings.Builder
	b.WriteString("| state | product |")
	for _, kind := range action.Kinds() {
		fmt.Fprintf(&b, " %s |", kind)
	}
	b.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(action.Kinds())) + "\n")
	for _, state := range action.States() {
		rows := map[string][]string{}
		var order []string
		for _, product := range products {
			cells := ""
			for _, kind := range action.Kinds() {
				next, reason := action.Allowed(state, kind, product)
				if reason != "" {
					cells += fmt.Sprintf(" %s |", reason)
				} else {
					cells += fmt.Sprintf(" **%s** |", next)
				}
			}
			if rows[cells] == nil {
				order = append(order, cells)
			}
			rows[cells] = append(rows[cells], string(product))
		}
		for _, cells := range order {
			fmt.Fprintf(&b, "| %s | %s |%s\n", state, strings.Join(rows[cells], ", "), cells)
		}
	}
	return b.String()
}
