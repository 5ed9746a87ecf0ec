import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Finding, JsonObject, findingText, formatPath } from "../../model";
import type { Difference } from "./differences";
import { decode } from "./values";

/** The answer to Check and CheckConfig: the inputs as they came, and what makes them impossible. */
export function checked(request: proto.CheckRequest, findings: Finding[]): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(request.getNews());
  const failures = findings.filter((finding) => finding.severity === "error");
  response.setFailuresList(
    failures.map((finding) => {
      const failure = new proto.CheckFailure();
      // With a property set, the engine would print the property's whole value, secrets included.
      failure.setReason(findingText(finding));
      return failure;
    }),
  );
  return response;
}

/** A provider is never replaced: whatever its configuration, it speaks of the objects that the state names. */
export function diffConfig(request: proto.DiffRequest): proto.DiffResponse {
  const olds = decode(request.getOldInputs() ?? request.getOlds()).value;
  const news = decode(request.getNews()).value;
  const isSame = JSON.stringify(sorted(olds)) === JSON.stringify(sorted(news));
  const response = new proto.DiffResponse();
  response.setChanges(isSame ? proto.DiffResponse.DiffChanges.DIFF_NONE : proto.DiffResponse.DiffChanges.DIFF_SOME);
  return response;
}

function sorted(value: JsonObject): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
}

/** The differences in the form in which the engine shows them. */
export function diffResponse(difference: Difference): proto.DiffResponse {
  const { Kind: DiffKind } = proto.PropertyDiff;
  const kinds = {
    add: [DiffKind.ADD, DiffKind.ADD_REPLACE],
    delete: [DiffKind.DELETE, DiffKind.DELETE_REPLACE],
    update: [DiffKind.UPDATE, DiffKind.UPDATE_REPLACE],
  } as const;
  const response = new proto.DiffResponse();
  const { changes, replaces } = difference;
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const path = formatPath(change.path);
    const detail = new proto.PropertyDiff();
    detail.setKind(kinds[change.kind][replaces.includes(path) ? 1 : 0]);
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  response.setReplacesList(replaces);
  response.setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))]);
  // The old object has the name that the new one needs.
  response.setDeletebeforereplace(replaces.length > 0 || difference.fixed.length > 0);
  return response;
}
