package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Group collects the lines of one write and one sync.
type Group struct {
	size  int64 // of the file before it
	bytes []byte
}

// Append adds a line and returns its place. On an error nothing is added.
func (g *Group) Append(line any) (Place, error) {
	text, err := json.Marshal(line)
	if err != nil {
		return Place{}, fmt.Errorf("encode a line: %w", err)
	}
	at := Place{Offset: g.size + int64(len(g.bytes)), Length: int32(len(text)) + 1}
	g.bytes = append(append(g.bytes, text...), '\n')
	return at, nil
}

// commit decides each piece of work in order, writes, syncs, and only then answers. Readers wait for it, so that they see
// nothing that is not durable.
func (j *Journal) commit(all []work) error {
	err := j.persist(all)
	for _, w := range all {
		w.done(err)
	}
	return err
}

func (j *Journal) persist(all []work) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	g := Group{size: j.size}
	for _, w := range all {
		w.decide(&g)
	}
	if len(g.bytes) == 0 {
		return nil
	}
	if _, err := j.file.Write(g.bytes); err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.size += int64(len(g.bytes))
	return nil
}

// recover hands the file's lines to replay, and cuts off what a crash left of a last one.
func (j *Journal) recover(replay func(line []byte, at Place) error) error {
	lines := bufio.NewReaderSize(j.file, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = replay(line, Place{Offset: j.size, Length: int32(len(line))})
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		j.size += int64(len(line))
	}
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	_, err := j.file.Seek(j.size, io.SeekStart)
	return err
}
