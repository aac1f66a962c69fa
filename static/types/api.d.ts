// What an operation of the API is asked with and answers, from the API's own description (openapi.d.ts, made by make lint).
import type { paths } from "./openapi";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Json<Answer> = Answer extends { content: { "application/json": infer Body } } ? Body : never;

/** Addresses that know the method. */
export type Address<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

export type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;

type Asked<O, Kind extends string> = O extends { parameters: infer Q } ? (Q extends { [K in Kind]?: infer V } ? V : {}) : {};

/** Where and what is asked: names of the address, and of what stands behind it. */
export interface Where<P extends keyof paths, M extends Method> {
  path?: Asked<Operation<P, M>, "path">;
  query?: Asked<Operation<P, M>, "query">;
  signal?: AbortSignal;
}

/** The JSON it answers when all is well. */
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202)]> : never;

export type Sent<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody?: { content: { "application/json": infer Body } } } ? Body : never;
