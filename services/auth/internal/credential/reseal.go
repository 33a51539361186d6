package credential

import "fxcore/services/contract/access"

// Reseal returns what is sealed of a user's credential, sealed by the first of auth's keys, and whether it was sealed by another one before.
// Error: none of the keys opens it.
func Reseal(by access.Keys, user string, sealed []byte) (now []byte, changed bool, err error) {
	var kept Keys
	binding := Binding(user)
	if len(by) == 0 {
		return nil, false, access.ErrNotForThisKey
	}
	if err := by[0].Open(sealed, binding, &kept); err == nil {
		return sealed, false, nil
	}
	if err := by.Open(sealed, binding, &kept); err != nil {
		return nil, false, err
	}
	now, err = by[0].Public().Seal(binding, kept)
	return now, err == nil, err
}
