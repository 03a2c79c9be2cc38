package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/yardmaster/yardmaster/engine/core"
)

// jsonlRow is a command as a line gave it.
type jsonlRow struct {
	given core.Input
}

func (r *jsonlRow) command(uint8) core.Command { return r.given.Command }

// key returns the line's own key, else one made of its number. A tick has none
// unless it was given: a key would leave a trace of one that fires nothing.
func (r *jsonlRow) key(prefix string, _ uint8) string {
	if _, tick := r.given.Command.(core.Tick); tick || r.given.Key != "" {
		return r.given.Key
	}
	return prefix
}

// readJSONL reads one command a line; blank lines are passed over.
func (r *reader) readJSONL(in *lines) error {
	for {
		text, tooLong, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", in.line+1, err)
		}
		if tooLong {
			r.refuseLine(in, "line-too-long", fmt.Sprintf("the line is longer than %d bytes", LineBytesMax))
			continue
		}
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		if err := r.addJSONL(in, text); err != nil {
			return err
		}
	}
}

func (r *reader) addJSONL(in *lines, text []byte) error {
	given, err := core.ParseInput(text)
	switch {
	case err != nil:
		r.refuseLine(in, "bad-line", err.Error())
		return nil
	case given.At == 0:
		r.refuseLine(in, "no-time", `"at" is required: when the command happened, such as "2026-03-01T09:00:00Z"`)
		return nil
	}
	if err := r.admit(); err != nil {
		return err
	}
	r.add(given.At, in.line, stepUpdate, &jsonlRow{given: given})
	return nil
}

func (r *reader) refuseLine(in *lines, reason, detail string) {
	r.faults.add(Fault{Line: in.line, Treatment: Refused, Reason: reason, Detail: detail})
}
