/** Codes on chain. */
import { toHex } from "@cosmjs/encoding";
import { createProtobufRpcClient, QueryClient } from "@cosmjs/stargate";
import { QueryClientImpl } from "cosmjs-types/cosmwasm/wasm/v1/query";
import type { Connection } from "../../client/index.js";

/** How many of the newest codes are searched. */
const NEWEST = 200n;

/** Ids of the newest codes by checksum; of equal ones the newest. */
export async function knownCodes({ comet }: Connection): Promise<Map<string, number>> {
  const service = new QueryClientImpl(createProtobufRpcClient(new QueryClient(comet)));
  const pagination = { key: new Uint8Array(), offset: 0n, limit: NEWEST, countTotal: false, reverse: true };
  const { codeInfos } = await service.Codes({ pagination });
  return new Map(codeInfos.reverse().map(({ codeId, dataHash }) => [toHex(dataHash), Number(codeId)]));
}
