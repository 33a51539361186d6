package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/ops/fxctl/internal/core"
)

// signin prints what a person types into the page of on-call. Only a demo's folder has it.
func (t *tool) signin() *cobra.Command {
	return &cobra.Command{
		Use: "signin", Short: "What to sign in with on the page of a demo, now", Args: cobra.NoArgs, Example: "  fxctl signin",
		Long: "It prints the page's address, and user, password and one-time code of the demo's person of operations. A code is good once, for half a minute.",
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := core.Find(t.folder)
			if err != nil {
				return fmt.Errorf("%w: %w", core.ErrUnreachable, err)
			}
			proof, err := apiclient.Proof(p.Folder, p.User)
			if err != nil {
				return fmt.Errorf("%w: %w", core.ErrNotSignedIn, err)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "page      %s/\nuser      %s\npassword  %s\ncode      %s\n", p.Operations, proof["user"], proof["password"], proof["code"])
			return err
		},
	}
}
