package authorization_test

import (
	"fmt"
	"strings"
	"testing"

	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract/rights"
)

// The README has the table of rights as it is in the code.
func TestTheREADMEHasTheTableOfRights(t *testing.T) {
	var page strings.Builder
	page.WriteString("\n| action |")
	for _, role := range rights.Roles() {
		fmt.Fprintf(&page, " %s |", role)
	}
	page.WriteString("\n|" + strings.Repeat(" --- |", len(rights.Roles())+1) + "\n")
	for _, action := range rights.Actions() {
		fmt.Fprintf(&page, "| `%s` |", action)
		for _, role := range rights.Roles() {
			fmt.Fprintf(&page, " %s |", rights.Of(role, action))
		}
		page.WriteString("\n")
	}
	sample.IsOnPage(t, "../../README.md", "<!-- rights -->", "<!-- end of rights -->", page.String())
}
