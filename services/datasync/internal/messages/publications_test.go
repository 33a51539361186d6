package messages

import (
	"testing"

	"fxcore/lambda/testkit/sample"
)

// The sample is what datasync would publish: it has all fields of the type and no other.
func TestSampleIsWhatIsPublished(t *testing.T) {
	sample.HasFieldsOf[Requested](t, Publications()[0].Sample)
}
