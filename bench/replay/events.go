package replay

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/yardmaster/yardmaster/engine/core"
)

// journal writes events as lines of JSON. The first error is kept and ends the
// writing; the run learns of it when it flushes.
type journal struct {
	out  *bufio.Writer
	json *json.Encoder
	err  error
}

func newJournal(w io.Writer) *journal {
	out := bufio.NewWriterSize(w, 64<<10)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &journal{out: out, json: encoder}
}

func (j *journal) Add(e *core.Event) {
	if j.err == nil {
		j.err = j.json.Encode(e)
	}
}

func (j *journal) flush() error {
	if j.err == nil {
		j.err = j.out.Flush()
	}
	if j.err != nil {
		return fmt.Errorf("write events: %w", j.err)
	}
	return nil
}
