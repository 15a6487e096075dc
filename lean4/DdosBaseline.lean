module
public import Model
/-! Generated from ddos-baseline.model, sha256 9139cd9da19dd301f8dffea8ac1ebe7f4676d3d325f2eb145022d18a2f7071b9; not to be edited.
Features, from 0: request_rate, unique_paths, unique_hosts, error_rate, avg_duration_ms, method_entropy, burst_score, path_repetition, avg_content_length, unique_user_agents, cookie_ratio, referer_ratio, accept_language_ratio, suspicious_path_ratio. -/
@[expose] public noncomputable section
namespace DdosBaseline
open Model

def features : Nat := 14

def tree : Table := [
  split 0 (2) 1 2,
  leaf .allow,
  split 6 (1) 3 4,
  leaf .allow,
  split 0 (4) 5 6,
  leaf .defer,
  split 6 (3) 7 8,
  leaf .defer,
  leaf .block]

def rows : List Row := [
  ⟨[8, 0, 0, 4, 0, 0, 8, 4, 0, 0, 0, 0, 0, 6], -20, 1⟩,
  ⟨[0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 6, 6, 4, 0], 0, -1⟩]

def net : Net := ⟨rows, 0, 0⟩
def ens : Ensemble := ⟨tree, net, 19, 20⟩

end DdosBaseline
