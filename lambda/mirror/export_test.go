package mirror

// Verify checks the signature of a version's records.
func Verify(keys Keys, set string, version int64, records map[string][]byte, signature string) error {
	return keys.verify(contentClaim(set, version, records), signature)
}
