package command

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

func (t *tool) settlements() *cobra.Command {
	c := t.lister(&cobra.Command{
		Use: "settlements", Short: "Legs that were settled, and legs that failed; resolve what failed", Example: "  fxctl settlements --state failed",
		Long: "A failed leg has moved no money that the core knows of. Its line stays used until a person decides: services/settlement says how.",
	}, list{
		to: bank, path: "/v1/settlements", items: "settlements", empty: "No such settlement.",
		columns: columns("VALUE_DATE value_date, STATE state, CLIENT client, CODE code, TRIES attempt, CUT-OFF not_after, SINCE failed_since, TEXT text, TRADE trade_id, LEG leg, MOVEMENT movement_id"),
	}, "state", "settled, failed", "client", "its id", "from", "value date", "to", "value date", "limit", "rows", "cursor", "where the page begins")
	c.AddCommand(
		t.resolveMovement("retry", "retry", "Ask the mainframe for a movement again", ""),
		t.resolveMovement("by-hand", "settle_by_hand", "Record that a movement was paid in another way", "of the payment that was made"),
		t.resolveMovement("found", "found", "Record that the mainframe's book has a movement, after CONFLICT", "the mainframe's, of the movement"),
	)
	return c
}

// resolveMovement makes a command about a movement that has failed. reference says what its reference is; empty: it has none.
func (t *tool) resolveMovement(word, action, short, reference string) *cobra.Command {
	body := map[string]any{"action": action}
	var reason, named string
	example := "  fxctl settlements " + word + " MOVEMENT --reason \"the client has paid in\""
	if reference != "" {
		example += " --reference CH-17"
	}
	c := &cobra.Command{Use: word + " MOVEMENT", Short: short, Args: cobra.ExactArgs(1), Example: example, RunE: func(c *cobra.Command, args []string) error {
		path := "/v1/movements/" + url.PathEscape(args[0])
		seen, err := t.ask(c.Context(), bank, http.MethodGet, path, nil)
		if err != nil {
			return err
		}
		body["reason"] = reason
		if reference != "" {
			body["reference"] = named
		}
		a, err := t.ask(c.Context(), bank, http.MethodPost, path+"/commands", body, "Idempotency-Key", "fxctl-"+rand.Text(), "If-Match", seen.ETag)
		if err != nil {
			return err
		}
		if t.json {
			return writeJSON(c.OutOrStdout(), a.Body)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s of %s: the broker has it; fxctl settlements shows what becomes of it\n", word, args[0])
		return err
	}}
	c.Flags().StringVar(&reason, "reason", "", "why: it is kept with the movement")
	_ = c.MarkFlagRequired("reason")
	if reference != "" {
		c.Flags().StringVar(&named, "reference", "", reference)
		_ = c.MarkFlagRequired("reference")
	}
	return c
}
