package command

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

const auditAbout = `What happened to security: who logged on and who was refused, what was commanded, which rights were used or missing, which secrets were
read, which messages and sets were not believed. Nobody can change it unseen: the entries are a chain of hashes.

Equal entries about strangers are one, with a COUNT. There are more entries where the answer has "before": --before N shows them.`

// audit shows the audit, and says whether it is what was written.
func (t *tool) audit() *cobra.Command {
	c := t.lister(&cobra.Command{
		Use: "audit", Short: "What happened to security, the newest first", Long: auditAbout,
		Example: "  fxctl audit --what logon.refused --from 2026-11-30T00:00:00Z\n  fxctl audit --who U0013\n  fxctl audit verify",
	}, list{
		to: onCall, path: "/v1/audit", items: "items", empty: "There is no such entry.",
		columns: columns("NUMBER seq, AT at, WHAT what, OUTCOME outcome, COUNT count, WHO who, FROM address, ABOUT about, WHY why, SOURCE source"),
	}, "what", "logon.refused, or all of a kind: logon", "who", "a user, a provider, a program", "address", "from which it came", "about", "a part of it",
		"outcome", "done or refused", "from", "RFC 3339", "to", "RFC 3339", "before", "number of an entry: older ones", "limit", "rows")
	c.AddCommand(&cobra.Command{
		Use: "verify", Short: "Whether the audit is what was written", Args: cobra.NoArgs, Example: "  fxctl audit verify",
		Long: "It shows what the verifier found when it last walked the chain, and where the chain ended. Keep number and hash elsewhere: a later end does not undo them.",
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := t.ask(c.Context(), onCall, http.MethodGet, "/v1/audit/chain", nil)
			if err != nil {
				return err
			}
			var state struct {
				At      string `json:"verified_at"`
				Sound   bool
				Fault   string
				Records int
				Seq     int64  `json:"last_seq"`
				Hash    string `json:"last_hash"`
			}
			if err := decode(a.Body, &state); err != nil {
				return err
			}
			switch {
			case t.json:
				err = writeJSON(c.OutOrStdout(), a.Body)
			case state.At == "":
				_, err = fmt.Fprintln(c.OutOrStdout(), "The chain has not been walked yet.")
			case state.Sound:
				_, err = fmt.Fprintf(c.OutOrStdout(), "%s  %d records are sound; the last one is %d, its hash %s\n", text(state.At), state.Records, state.Seq, printable(state.Hash))
			}
			if err == nil && state.Fault != "" {
				err = errors.New("the audit is not what was written: " + printable(state.Fault))
			}
			return err
		},
	})
	return c
}
