package variation

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Bounds of a variation.
const (
	firstTag    = 5_000 // user-defined tags begin here
	lastTag     = 39_999
	maxTenors   = 200
	StandardIs  = "standard" // name of the standard dialect
	namedFolder = "named"
)

var (
	typeForm  = regexp.MustCompile(`^U[A-Z0-9]{0,2}$`) // of user-defined messages
	tenorForm = regexp.MustCompile(`^[0-9A-Z]{1,8}$`)
	oursForm  = regexp.MustCompile(`^([012CB]|[DWMY][1-9][0-9]{0,2})$`)
)

//go:embed named/*.json
var named embed.FS

// Named returns the dialects that are built into the gateway, by name.
func Named() map[string]Variation {
	all := map[string]Variation{StandardIs: {}}
	files, err := fs.Glob(named, namedFolder+"/*.json")
	for _, file := range files {
		var content []byte
		if content, err = named.ReadFile(file); err != nil {
			break
		}
		var v Variation
		if err = json.Unmarshal(content, &v); err != nil {
			break
		}
		all[strings.TrimSuffix(path.Base(file), ".json")] = v
	}
	if err != nil {
		panic(fmt.Sprintf("variation: embedded dialects: %v", err)) // they are part of the binary
	}
	return all
}

// Validate returns an error that names each faulty key.
func (v Variation) Validate() error {
	return errors.Join(v.symbols(), v.tenors(), v.accountTag(), v.checkTypes())
}

func (v Variation) symbols() error {
	separator := v.separator()
	if v.Symbols == "" || v.Symbols == "EUR"+separator+"USD" && len(separator) <= 1 && !strings.ContainsAny(separator, "=\x01") {
		return nil
	}
	return fmt.Errorf("symbols: %q is not how EUR/USD is written: EURUSD, EUR-USD …", v.Symbols)
}

func (v Variation) tenors() error {
	if len(v.Tenors) > maxTenors {
		return fmt.Errorf("tenors: %d are more than %d", len(v.Tenors), maxTenors)
	}
	var faults []error
	seen := map[string]string{}
	for theirs, ours := range v.Tenors {
		if !tenorForm.MatchString(theirs) || !oursForm.MatchString(ours) {
			faults = append(faults, fmt.Errorf("tenors: %q: %q: want letters and digits, and a SettlType(63): 0, 1, 2, C, B, or D, W, M, Y and a count", theirs, ours))
		}
		if other, twice := seen[ours]; twice {
			faults = append(faults, fmt.Errorf("tenors: %q and %q are both %q", min(theirs, other), max(theirs, other), ours))
		}
		seen[ours] = theirs
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(faults...)
}

func (v Variation) accountTag() error {
	if v.AccountTag == 0 || v.AccountTag >= firstTag && v.AccountTag <= lastTag {
		return nil
	}
	return fmt.Errorf("account_tag: %d is not a user-defined tag, %d to %d", v.AccountTag, firstTag, lastTag)
}

func (v Variation) checkTypes() error {
	if v.CheckTypes == [2]string{} {
		return nil
	}
	if !typeForm.MatchString(v.CheckTypes[0]) || !typeForm.MatchString(v.CheckTypes[1]) || v.CheckTypes[0] == v.CheckTypes[1] {
		return fmt.Errorf("check_types: %q: want two user-defined MsgTypes: U, and up to two letters or digits", v.CheckTypes)
	}
	return nil
}
