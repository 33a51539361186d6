package rest

import (
	"cmp"
	"net/http"
	"slices"

	"fxcore/services/api/internal/directory"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// reaches returns the problem of a caller whose right to an action does not reach a client. It is asked before the request is stored,
// because the client's own callers see what is stored under the client. auth decides once more.
func (c Core) reaches(who signin.Caller, action rights.Action, client string) error {
	desk := ""
	if who.Reach(action) == rights.OwnDesk {
		all, loaded := c.Clients.Clients()
		if !loaded {
			return noData("The bank's clients have not been loaded yet, so nobody knows whose client this is.")
		}
		desk = deskOf(all, client)
	}
	if !who.Reaches(action, client, desk) {
		return web.NewProblem(http.StatusUnprocessableEntity, string(reason.UnknownClient), "There is no such client, or it is not yours to deal for: check the client's id.")
	}
	return nil
}

// deskOf returns the desk of a client; empty if there is none.
func deskOf(all []directory.Client, client string) string {
	i, found := slices.BinarySearchFunc(all, client, func(one directory.Client, id string) int { return cmp.Compare(one.ID, id) })
	if !found {
		return ""
	}
	return all[i].Desk
}
