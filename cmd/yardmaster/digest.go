package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/core"
)

// stateReport is the result of digest as JSON.
type stateReport struct {
	Desk    string       `json:"desk"`
	Digest  string       `json:"digest"`
	Seq     core.Seq     `json:"seq"`
	At      core.Instant `json:"at,omitzero"` // of the last entry
	Tickets int          `json:"tickets"`
	Open    int          `json:"open"` // tickets that are not closed
	Agents  int          `json:"agents"`
}

// newDigest tells the state of a data directory.
func newDigest(c *console) *cobra.Command {
	var dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "digest --data DIR",
		Short: "Print the state digest and sequence of a data directory",
		Long: `Open DIR, rebuild each desk from its rows, and print the digest of its state
(SHA-256 over the rows that decide), its sequence and what it holds. Time does not
pass: no deadline fires, and the desks stay as they are. Two directories with the same
digest decide alike from there on.`,
		Example: "  yardmaster replay --data /tmp/year && yardmaster digest --data /tmp/year",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.digest(cmd.Context(), dir, asJSON) },
	}
	cmd.Flags().StringVar(&dir, "data", "", "the data directory")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON list, an object for each desk")
	_ = cmd.MarkFlagRequired("data")
	return cmd
}

func (c *console) digest(ctx context.Context, dir string, asJSON bool) error {
	if err := mustExist(dir); err != nil {
		return err
	}
	reports, err := statesOf(ctx, dir)
	if err != nil || asJSON {
		return errors.Join(err, c.unless(err, reports))
	}
	for _, r := range reports {
		if _, err := fmt.Fprintf(c.out, "%s  desk %s, sequence %d, %d tickets (%d open), %d agents\n",
			r.Digest, r.Desk, r.Seq, r.Tickets, r.Open, r.Agents); err != nil {
			return err
		}
	}
	return nil
}

// unless writes the result as JSON when there was no error.
func (c *console) unless(err error, value any) error {
	if err != nil {
		return nil
	}
	return c.json(value)
}

func statesOf(ctx context.Context, dir string) (reports []stateReport, err error) {
	store, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	// Time comes from inputs, and there is none: the state stays as it was left.
	eng, err := engine.Open(ctx, store, engine.Options{Partitions: 1, TimeFromInputs: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, eng.Close(context.WithoutCancel(ctx))) }()
	desks, err := eng.Desks(ctx)
	if err != nil {
		return nil, err
	}
	reports = []stateReport{}
	for _, id := range desks {
		r, err := stateOf(ctx, eng, id)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	return reports, nil
}

func stateOf(ctx context.Context, eng *engine.Engine, id string) (stateReport, error) {
	desk, err := eng.Desk(ctx, id)
	if err != nil {
		return stateReport{}, err
	}
	digest, seq, err := desk.Digest(ctx)
	if err != nil {
		return stateReport{}, err
	}
	s := desk.Snapshot()
	r := stateReport{Desk: id, Digest: digest.String(), Seq: seq, At: s.At(), Tickets: s.Len(), Open: s.Open()}
	for range s.Agents() {
		r.Agents++
	}
	return r, nil
}
