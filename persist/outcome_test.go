package persist_test

import (
	"context"
	"errors"
	"testing"

	"github.com/yardmaster/yardmaster/persist"
)

func TestOutcomeIsSettledOnce(t *testing.T) {
	o := persist.NewOutcome()
	o.Settle(persist.ErrFailed)
	o.Settle(nil)
	if err := o.Wait(context.Background()); !errors.Is(err, persist.ErrFailed) {
		t.Errorf("got %v, want the first outcome", err)
	}
}

func TestOutcomeTellsWhyWaitingEnded(t *testing.T) {
	cause := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	if err := persist.NewOutcome().Wait(ctx); !errors.Is(err, cause) {
		t.Errorf("got %v, want the cause", err)
	}
	if err := persist.Settled(nil).Wait(ctx); err != nil {
		t.Errorf("a known outcome answered %v", err)
	}
}
